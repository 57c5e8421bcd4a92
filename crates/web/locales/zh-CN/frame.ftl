## Every page
site-name = { $city }公共信用信息平台
site-short = 公共信用信息平台
skip-to-content = 跳到正文
made-up-data = 演示系统：数据均为虚构，不是真实信息
nav-site = 站内导航
nav-section = 本栏目
nav-crumbs = 所在位置
nav-verify = 核验报告
nav-catalogue = 信用事项目录
nav-matters = 窗口核查事项
nav-learn = 了解信用
nav-me = 我的信用
nav-desk = 工作台
nav-rights = 您的权利
nav-log = 公开留痕
nav-keys = 签名公钥清单
nav-programs = 接口说明
nav-styleguide = 设计规范
nav-other-language = English
nav-other-language-anew = what you typed is not kept
footer-help = 需要帮助
footer-phone = 电话 { $phone }
footer-place = 地址：{ $place }
footer-hours = 时间：{ $hours }
footer-nobody = 请到任一办事窗口，或者向{ $city }信用主管部门提出，免费。
footer-promise = 平台只保存有法律依据的记录，不评分、不排名。对内容有异议的，可以免费提出异议。
list-joint = 、
print = 打印
parts = 分页

## What is wrong with what was typed
faults-title = 有内容需要更正
fault-missing = 请填写此项
fault-day = 请写成年-月-日，例如 2026-11-21，且日历上有这一天
fault-number = 请填写整数
fault-choose = 请选择一项
fault-document = 号码有误：请逐位核对证件上的号码
fault-record = 记录编号是 32 位的数字和字母 a–f：请照告知书或者核查单填写
fault-file = 请选择一个文件

## What covers a page that nobody touches
cover-title = 屏幕已遮盖
cover-about = 页面上有个人信息，一分钟没有操作，已经遮盖。
cover-show = 继续查看
cover-needs-script = 浏览器没有运行脚本，本页不会自动遮盖：离开座位前请关闭页面。

## Counts
count-records = { $count } 条记录

## Style guide
style-lead = 页面所用的全部构件。新页面只用这里有的。
style-colours = 颜色
style-type = 文字
style-heading = 小标题
style-paragraph = 依照公布的目录，记录各单位依法作出的决定。
style-hint = 提示：写在它所解释的内容旁边。
style-states = 状态
style-good = 已完成
style-warn = 请注意
style-info = 有效
style-plain = 已到期
style-notice = 一句话说明是什么、接下来做什么。
style-empty = 这里还没有内容
style-empty-about = 说明以后会有什么，以及怎样开始。
style-forms = 表单
style-field = 一项
style-day = 日期
style-choice = 选择
style-radios = 选一项
style-boxes = 可以多选
style-area = 说明
style-one = 第一项
style-two = 第二项
style-number = 数量
style-button = 提交
style-button-plain = 取消
style-tables = 表格与事实
style-details = 更多
